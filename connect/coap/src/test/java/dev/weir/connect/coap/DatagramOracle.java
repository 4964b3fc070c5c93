package dev.weir.connect.coap;

import java.util.Arrays;

/// What RFC 7252 says must become of a datagram, judged from its bytes alone.
final class DatagramOracle {
    private static final int HEADER = 4;
    private static final int MAX_TOKEN = 8;

    /// What is due to the sender.
    enum Due {
        /// A confirmable request: an answer on its acknowledgement, later, or RST.
        ANSWER,
        /// A confirmable message that is no request, or cannot be read: RST, or an error code.
        REJECTION,
        /// Everything else: silence is right.
        NOTHING
    }

    private DatagramOracle() {}

    static Due due(byte[] datagram) {
        if (datagram.length < HEADER || (datagram[0] & 0xf0) != 0x40) {
            return Due.NOTHING;
        }
        int token = datagram[0] & 15;
        int code = datagram[1] & 0xff;
        boolean request = code > 0 && code < 32;
        boolean whole = token <= MAX_TOKEN && datagram.length >= HEADER + token;
        return request && whole && isOptions(datagram, HEADER + token) ? Due.ANSWER : Due.REJECTION;
    }

    /// Whether options and payload are there as they announce themselves (3.1).
    private static boolean isOptions(byte[] datagram, int from) {
        int at = from;
        while (at < datagram.length) {
            int head = datagram[at++] & 0xff;
            if (head == 0xff) {
                return at < datagram.length;
            }
            int delta = head >> 4;
            int length = head & 15;
            if (delta == 15 || length == 15) {
                return false;
            }
            at += bytes(delta);
            int lengthAt = at;
            at += bytes(length);
            if (at > datagram.length) {
                return false;
            }
            at += value(datagram, lengthAt, length);
        }
        return at == datagram.length;
    }

    private static int bytes(int nibble) {
        return nibble < 13 ? 0 : nibble - 12;
    }

    private static int value(byte[] datagram, int at, int nibble) {
        return switch (nibble) {
            case 13 -> (datagram[at] & 0xff) + 13;
            case 14 -> ((datagram[at] & 0xff) << 8 | (datagram[at + 1] & 0xff)) + 269;
            default -> nibble;
        };
    }

    /// Whether it is a response in a message of its own (5.2.2), which has the request's token and
    /// stands for the acknowledgement too. No-Response (RFC 7967) makes the server choose it.
    static boolean isSeparate(byte[] answer, byte[] request) {
        int token = request.length < HEADER ? MAX_TOKEN + 1 : request[0] & 15;
        return (answer[0] >> 4 & 3) == 0
                && answer[1] != 0
                && (answer[0] & 15) == token
                && answer.length >= HEADER + token
                && request.length >= HEADER + token
                && Arrays.equals(answer, HEADER, HEADER + token, request, HEADER, HEADER + token);
    }

    /// Whether an answer fits what was due: its type and, where it has one, its class.
    static boolean fits(Due due, byte[] answer) {
        int type = answer[0] >> 4 & 3;
        int codeClass = (answer[1] & 0xff) >> 5;
        boolean reset = type == 3 && answer[1] == 0;
        boolean error = codeClass == 4 || codeClass == 5;
        return switch (due) {
            case ANSWER -> reset || (type == 2 && answer[1] == 0) || codeClass == 2 || error;
            case REJECTION -> reset || error;
            case NOTHING -> true;
        };
    }
}
