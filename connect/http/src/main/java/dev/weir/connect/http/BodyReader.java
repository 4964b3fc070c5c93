package dev.weir.connect.http;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/// Reads bodies as far as they are allowed to go: so large before and behind decompression, and so
/// slowly. Thread-safe; reading blocks.
final class BodyReader {
    /// Below this a body counts as held back on purpose.
    static final int BYTES_PER_SECOND = 1024;

    private static final int PIECE = 8 * 1024;
    private static final int SKIPPED = 1024 * 1024;
    private static final long LINGER_NANOS = 1_000_000_000;

    private final int most;
    private final Duration patience;
    private final Budget budget;

    /// @param most how many bytes a body may have, before and behind decompression
    /// @param patience how long it may take, beside a second for each [#BYTES_PER_SECOND]
    BodyReader(int most, Duration patience, Budget budget) {
        this.most = most;
        this.patience = patience;
        this.budget = budget;
    }

    /// Reads the body of a request. To be closed by whoever gets it.
    Body read(Request request) throws Refusal, IOException {
        boolean zipped = isZipped(request);
        InputStream raw = Content.Source.asInputStream(request);
        if (request.getLength() > most) {
            throw tooLarge(request, raw, 0);
        }
        Metered metered = new Metered(raw);
        Body body = new Body(budget);
        try (InputStream in = zipped ? new GZIPInputStream(metered, PIECE) : metered) {
            fill(body, in);
            return body;
        } catch (TooLong e) {
            body.close();
            throw tooLarge(request, raw, metered.count);
        } catch (ZipException | EOFException broken) {
            body.close();
            throw Refusal.malformed("the body is no gzip, or is cut off");
        } catch (IOException e) {
            body.close();
            throw slow(e);
        } catch (Refusal e) {
            body.close();
            throw e;
        }
    }

    private void fill(Body body, InputStream in) throws IOException, Refusal {
        byte[] piece = new byte[PIECE];
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            if (body.length() + count > most) {
                throw new TooLong();
            }
            body.add(piece, count);
        }
    }

    /// Reads some of what is left, for a while: one who is still sending when the connection closes
    /// does not see the answer.
    private Refusal tooLarge(Request request, InputStream raw, long read) throws IOException {
        long length = request.getLength();
        boolean announced = length >= 0 && !request.getHeaders().contains(HttpHeader.EXPECT);
        long left = Math.min(SKIPPED, announced ? length - read : SKIPPED);
        long until = System.nanoTime() + (announced ? LINGER_NANOS : LINGER_NANOS / 10);
        while (left > 0 && System.nanoTime() < until) {
            // No more than has come, since a read waits for a client that may not send.
            long here = Math.min(raw.available(), left);
            if (here > 0) {
                left -= raw.skip(here);
            } else {
                LockSupport.parkNanos(LINGER_NANOS / 500);
            }
        }
        return Refusal.tooLarge("the body must have at most " + most + " bytes, unpacked too");
    }

    private static boolean isZipped(Request request) throws Refusal {
        String encoding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
        return switch (encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> false;
            case "gzip", "x-gzip" -> true;
            default ->
                throw new Refusal(
                        415,
                        "unsupported-type",
                        "the content encoding must be gzip or none",
                        Map.of("Accept-Encoding", "gzip"));
        };
    }

    /// @throws IOException what was given, if it has another reason
    private static Refusal slow(IOException e) throws IOException {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return new Refusal(
                        408,
                        "slow",
                        "the body came too slowly: at least " + BYTES_PER_SECOND + " bytes a second are expected",
                        Map.of("Connection", "close"));
            }
        }
        throw e;
    }

    /// More came than may, packed as it is.
    private static final class TooLong extends IOException {
        private static final long serialVersionUID = 1;
    }

    /// Counts what comes, packed as it is, against size and time.
    private final class Metered extends FilterInputStream {
        private final long begun = System.nanoTime();
        private long count;

        Metered(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read > 0) {
                count += read;
                long allowed = patience.toNanos() + count * (1_000_000_000L / BYTES_PER_SECOND);
                if (System.nanoTime() - begun > allowed) {
                    throw new IOException("too slow", new TimeoutException());
                }
                if (count > most) {
                    throw new TooLong();
                }
            }
            return read;
        }
    }
}
