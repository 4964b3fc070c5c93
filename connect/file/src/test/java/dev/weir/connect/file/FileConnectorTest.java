package dev.weir.connect.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Connector;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class FileConnectorTest {
    @Test
    void connector_isFoundAndItsShapeHolds() {
        assertThat(ServiceLoader.load(Connector.class).stream().map(ServiceLoader.Provider::get))
                .singleElement()
                .isInstanceOf(FileConnector.class);
        FileOptions.SHAPE.verify();
    }

    @Test
    void options_minimal_haveDefaults() {
        assertThat(FileRig.mistakes("path: data/*.csv")).isEmpty();
    }

    @Test
    void options_thatContradict_areRefused() {
        assertThat(FileRig.mistakes("{ path: a, mode: replay }"))
                .singleElement()
                .asString()
                .contains("'replay' needs 'time'");
        assertThat(FileRig.mistakes("{ path: a, repeat: true, time: ts }")).hasSize(2);
        assertThat(FileRig.mistakes("{ path: a.csv.gz }"))
                .singleElement()
                .asString()
                .contains("cannot be followed");
        assertThat(FileRig.mistakes("{ path: \"*/a.csv\" }"))
                .singleElement()
                .asString()
                .contains("only the file's name may be a pattern");
        assertThat(FileRig.mistakes("{ path: a, address: \"x/#\" }"))
                .singleElement()
                .asString()
                .contains("'x/#'");
        assertThat(FileRig.mistakes("{ path: a, mode: replay, time: { field: ts, unit: s }, speed: 60 }"))
                .isEmpty();
    }
}
