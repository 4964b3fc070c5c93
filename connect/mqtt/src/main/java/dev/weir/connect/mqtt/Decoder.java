package dev.weir.connect.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts a stream of bytes into packets.
///
/// Bounded: the buffer starts with [#QUIET] bytes, grows to [#BUSY] for a peer that fills it, and
/// beyond that only for a packet that is announced, allowed, and arriving, out of a [Budget] that
/// all connections share; it shrinks again. A packet is decoded where it lies, without a copy.
///
/// Belongs to one reading thread.
final class Decoder {
    /// The buffer of a connection that is idle.
    static final int QUIET = 128;
    /// The buffer of a connection that sends all the time.
    static final int BUSY = 16 * 1024;

    /// Reads that used less than a quarter of the buffer before it is halved.
    private static final int SMALL_READS = 4;

    private final WireReader in = new WireReader();
    private final PacketReader packets;
    private final int maxPacketBytes;
    private final Budget large;

    private byte[] buffer = new byte[QUIET];
    private int start;
    private int end;
    private int announced;
    private int smallReads;
    private boolean full;
    private boolean refused;

    /// A decoder for the server's side: the version comes with CONNECT.
    ///
    /// @param large what its buffer takes beyond [#BUSY]; to be given back by [#release]
    Decoder(int maxPacketBytes, Budget large) {
        this(maxPacketBytes, null, large);
    }

    /// The same with a budget of its own.
    Decoder(int maxPacketBytes) {
        this(maxPacketBytes, null, new Budget(maxPacketBytes));
    }

    /// A decoder for a client, which knows its version.
    Decoder(int maxPacketBytes, @Nullable Version version) {
        this(maxPacketBytes, version, new Budget(maxPacketBytes));
    }

    private Decoder(int maxPacketBytes, @Nullable Version version, Budget large) {
        this.large = large;
        this.maxPacketBytes = maxPacketBytes;
        this.packets = new PacketReader(in, version);
    }

    /// The version that the peer speaks; null before its CONNECT.
    @Nullable
    Version version() {
        return packets.version();
    }

    /// Reads what has come, once. Blocks until something has. Invalidates earlier packets' views.
    ///
    /// @return how many bytes were read; negative at the end of the stream, none where there is no
    ///     memory for more, which [#next] says
    int fill(InputStream input) throws IOException {
        makeRoom();
        if (refused) {
            return 0;
        }
        int room = buffer.length - end;
        int read = input.read(buffer, end, room);
        if (read > 0) {
            end += read;
            full = read == room;
            smallReads = read < buffer.length / 4 ? smallReads + 1 : 0;
        }
        return read;
    }

    /// Whether a packet has begun that is not complete.
    boolean hasPartial() {
        return start < end;
    }

    /// How many bytes of a packet that is not complete have come.
    int pending() {
        return end - start;
    }

    /// The next packet; null if no further one is complete.
    ///
    /// @throws Violation if it is not a packet, or a larger one than allowed, or than there is
    ///     memory for; nothing more can be read then
    @Nullable
    Packet next() throws Violation {
        if (refused) {
            throw new Violation(
                    Reason.QUOTA_EXCEEDED,
                    "packets-in-all",
                    "large packets that have not come whole take all the memory that they may, so there is none for one"
                            + " of " + announced + " bytes; see packets-in-all");
        }
        announced = 0;
        int available = end - start;
        if (available < 2) {
            return null;
        }
        int length = 0;
        int position = start + 1;
        for (int shift = 0; ; shift += 7) {
            if (shift == 28) {
                throw Violation.malformed("remaining length of more than four bytes");
            }
            if (position == end) {
                return null;
            }
            int digit = buffer[position++];
            length |= (digit & 0x7f) << shift;
            if (digit >= 0) {
                break;
            }
        }
        int total = position - start + length;
        if (total > maxPacketBytes) {
            throw new Violation(
                    Reason.PACKET_TOO_LARGE, "packet of " + total + " bytes; the limit is " + maxPacketBytes);
        }
        if (total > available) {
            packets.checkHeader(buffer[start] & 0xff);
            announced = total;
            return null;
        }
        in.window(buffer, position, start + total);
        int header = buffer[start] & 0xff;
        start += total;
        return packets.read(header);
    }

    /// How much memory the buffer takes, in bytes.
    int capacity() {
        return buffer.length;
    }

    /// Gives back what the buffer has taken of the budget. Nothing can be read any more.
    void release() {
        large.release(Math.max(0, buffer.length - BUSY));
        buffer = new byte[0];
        start = 0;
        end = 0;
    }

    /// Takes the difference of the budget, or gives it back.
    private boolean isAllowed(int wanted) {
        int more = Math.max(0, wanted - BUSY) - Math.max(0, buffer.length - BUSY);
        if (more > 0) {
            return large.tryTake(more);
        }
        large.release(-more);
        return true;
    }

    private void makeRoom() {
        int pending = end - start;
        int wanted = buffer.length;
        if (announced > buffer.length && pending == buffer.length) {
            wanted = Math.min(announced, buffer.length * 2);
        } else if (full && buffer.length < BUSY) {
            wanted = buffer.length * 2;
        } else if (buffer.length > BUSY && Math.max(pending, announced) <= BUSY) {
            wanted = BUSY;
        } else if (smallReads >= SMALL_READS && buffer.length > QUIET && buffer.length <= BUSY) {
            wanted = Math.max(QUIET, buffer.length / 2);
            smallReads = 0;
        }
        full = false;
        if (wanted != buffer.length && pending <= wanted) {
            refused = !isAllowed(wanted);
            if (refused) {
                return;
            }
            buffer = pending == 0 ? new byte[wanted] : Arrays.copyOf(Arrays.copyOfRange(buffer, start, end), wanted);
            start = 0;
            end = pending;
        } else if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, pending);
            start = 0;
            end = pending;
        }
    }
}
