package dev.weir.connect.mqtt;

import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.LongSupplier;

/// Writes what a connection's [Outbox] holds: at most one thread at a time.
///
/// After each read the reader itself writes the acknowledgements of all packets of that read, in
/// one go; everything else, and everything that comes up while somebody writes, is written by a
/// virtual thread that exists only as long as there is something to write. A publisher's thread
/// never writes to a subscriber's socket, so a subscriber that does not read holds up nobody; and
/// an idle connection has neither a second thread nor a buffer.
///
/// Thread-safe; no lock is held while the socket is written. Bounded: one buffer of about
/// [#WRITE_BYTES] while somebody writes.
final class Writer {
    /// What one write takes at most, unless a single message is larger.
    private static final int WRITE_BYTES = 16 * 1024;

    private static final int FIRST_BYTES = 2 * 1024;

    private static final int IDLE = 0;
    private static final int WRITING = 1;
    private static final int WRITING_AND_MORE = 2;

    /// Instead of an object for each connection.
    private static final AtomicIntegerFieldUpdater<Writer> TURN =
            AtomicIntegerFieldUpdater.newUpdater(Writer.class, "turn");

    private final Outbox outbox;
    private final Transport transport;
    private final ThreadFactory threads;
    private final MqttMeters meters;
    private final LongSupplier ticker;
    private final Thread reader;

    /// Whose turn it is: IDLE, WRITING, or WRITING_AND_MORE when something came up meanwhile.
    private volatile int turn = IDLE;

    Writer(
            Outbox outbox,
            Transport transport,
            ThreadFactory threads,
            MqttMeters meters,
            LongSupplier ticker,
            Thread reader) {
        this.outbox = outbox;
        this.transport = transport;
        this.threads = threads;
        this.meters = meters;
        this.ticker = ticker;
        this.reader = reader;
    }

    // --- whose turn it is ----------------------------------------------------------------------------

    boolean isWriting() {
        return turn != IDLE;
    }

    /// Sees to it that somebody writes what there is. Any thread; does not block on the client.
    void wake() {
        while (true) {
            int seen = turn;
            if (seen == WRITING_AND_MORE) {
                return;
            }
            if (TURN.compareAndSet(this, seen, seen + 1)) {
                if (seen == IDLE) {
                    begin();
                }
                return;
            }
        }
    }

    /// Ends the turn, unless something came up meanwhile.
    private boolean tryEnd() {
        return TURN.compareAndSet(this, WRITING, IDLE);
    }

    private void begin() {
        threads.newThread(this::write).start();
    }

    // --- writing -------------------------------------------------------------------------------------

    /// Writes the control packets there are, or lets them be written if somebody else writes;
    /// messages are left to a thread of their own. The reader only.
    void writeControlNow() {
        if (!TURN.compareAndSet(this, IDLE, WRITING)) {
            wake();
            return;
        }
        try {
            writeControl();
        } catch (IOException gone) {
            breakDown();
        }
        if (!tryEnd()) {
            begin();
        }
    }

    private void write() {
        Encoder out = new Encoder(FIRST_BYTES);
        do {
            turn = WRITING;
            try {
                writeControl();
                while (writeMessages(out)) {
                    writeControl();
                }
            } catch (IOException gone) {
                breakDown();
            }
        } while (!tryEnd());
        outbox.written();
    }

    private void writeControl() throws IOException {
        Encoder taken = outbox.takeControl();
        if (taken != null) {
            write(taken);
            outbox.giveBack(taken);
        }
        if (outbox.isDone()) {
            transport.finishOutput();
            transport.close();
            reader.interrupt();
        }
    }

    private boolean writeMessages(Encoder out) throws IOException {
        out.clear();
        outbox.fill(out, WRITE_BYTES, ticker.getAsLong());
        if (out.size() == 0) {
            return false;
        }
        write(out);
        return true;
    }

    private void write(Encoder bytes) throws IOException {
        transport.output().write(bytes.array(), 0, bytes.size());
        meters.bytesSent.add(bytes.size());
    }

    /// Writes nothing more, except what is being written now, and closes the transport.
    void breakDown() {
        outbox.discard();
        transport.close();
    }
}
