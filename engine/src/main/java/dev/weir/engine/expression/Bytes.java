package dev.weir.engine.expression;

import java.util.Arrays;
import java.util.HexFormat;

/// Octets as a value of the language. Immutable.
public final class Bytes implements Comparable<Bytes> {
    private final byte[] octets;

    private Bytes(byte[] octets) {
        this.octets = octets;
    }

    /// A copy of the octets.
    public static Bytes of(byte... octets) {
        return new Bytes(octets.clone());
    }

    /// How many octets there are.
    public int size() {
        return octets.length;
    }

    /// A copy of the octets.
    public byte[] toArray() {
        return octets.clone();
    }

    Bytes concat(Bytes tail) {
        byte[] all = Arrays.copyOf(octets, octets.length + tail.octets.length);
        System.arraycopy(tail.octets, 0, all, octets.length, tail.octets.length);
        return new Bytes(all);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(octets, other.octets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(octets, bytes.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(octets);
    }
}
