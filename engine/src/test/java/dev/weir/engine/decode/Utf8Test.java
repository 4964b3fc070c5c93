package dev.weir.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8Test {
    @Test
    void isWellFormed_everyStartOfThreeBytes_agreesWithTheJdk() {
        byte[] bytes = new byte[4];
        for (int value = 0; value < 1 << 24; value += 127) {
            bytes[0] = (byte) (value >> 16);
            bytes[1] = (byte) (value >> 8);
            bytes[2] = (byte) value;
            bytes[3] = (byte) ((value * 31) >> 3);
            assertThat(Utf8.isWellFormed(bytes, 0, 4)).as("%06x", value).isEqualTo(decodes(bytes));
        }
    }

    private static boolean decodes(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException notText) {
            return false;
        }
    }
}
