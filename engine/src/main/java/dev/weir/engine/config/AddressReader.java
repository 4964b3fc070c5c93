package dev.weir.engine.config;

import dev.weir.engine.config.ScalarReader.Result;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Reads `host:port`, `[ipv6]:port`, or a bare port, which stands for loopback.
final class AddressReader {
    /// What an address looks like, for the JSON Schema.
    static final String PATTERN = "([A-Za-z0-9._-]+:|\\[[0-9A-Fa-f:.%A-Za-z0-9]+\\]:)?[0-9]{1,5}";

    private static final Kind KIND = new Kind.Address();
    private static final Pattern PORT = Pattern.compile("[0-9]{1,9}");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(.*):([^:\\]]*)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]{0,252})");
    private static final Pattern IPV4 = Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9._-]{1,32})?");

    private AddressReader() {}

    static Result read(Tree.Scalar scalar) {
        String text = scalar.text();
        if (PORT.matcher(text).matches()) {
            return address(scalar, "127.0.0.1", text);
        }
        Matcher matcher = HOST_AND_PORT.matcher(text);
        if (!matcher.matches()) {
            boolean host = NAME.matcher(text).matches();
            return ScalarReader.wrong(KIND, scalar, host ? ", which has no port" : "");
        }
        String host = matcher.group(1);
        if (host.startsWith("[") && host.endsWith("]")) {
            String inner = host.substring(1, host.length() - 1);
            return inner.contains(":") && IPV6.matcher(inner).matches()
                    ? address(scalar, inner, matcher.group(2))
                    : ScalarReader.wrong(KIND, scalar, ", where no IPv6 address stands in the brackets");
        }
        if (host.contains(":")) {
            return ScalarReader.wrong(KIND, scalar, "; an IPv6 address stands in brackets, without a scheme or a path");
        }
        if (host.isEmpty() || host.equals("*")) {
            return ScalarReader.wrong(KIND, scalar, "; to listen on all interfaces write \"0.0.0.0:\" and the port");
        }
        return isName(host)
                ? address(scalar, host, matcher.group(2))
                : ScalarReader.wrong(KIND, scalar, ", where \"" + shownHost(scalar, host) + "\" is no host");
    }

    private static Result address(Tree.Scalar scalar, String host, String port) {
        if (!PORT.matcher(port).matches()) {
            return ScalarReader.wrong(KIND, scalar, ", where no number stands behind the last \":\"");
        }
        int number = Integer.parseInt(port);
        return number > 65_535
                ? new Result.Wrong("a port must be at most 65535, but was " + number)
                : new Result.Read(new HostPort(host, number));
    }

    private static boolean isName(String host) {
        if (!host.chars().allMatch(c -> c == '.' || Character.isDigit(c))) {
            return NAME.matcher(host).matches();
        }
        Matcher octets = IPV4.matcher(host);
        return octets.matches() && IntStream.rangeClosed(1, 4).allMatch(i -> Integer.parseInt(octets.group(i)) <= 255);
    }

    private static String shownHost(Tree.Scalar scalar, String host) {
        return scalar.secret() ? "…" : Clip.of(host);
    }
}
