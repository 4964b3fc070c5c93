package dev.weir.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/// The name of the machine, fit to be a node's name.
final class HostName {
    private static final int LONGEST = 63;

    private HostName() {}

    /// Takes the environment's word, else asks the system (which may ask DNS), else says `weir`.
    static String of(Map<String, String> environment) {
        String name = environment.getOrDefault("HOSTNAME", "");
        return fitted(name.isBlank() ? system() : name);
    }

    private static String system() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return ""; // a machine without a name is common in containers
        }
    }

    static String fitted(String name) {
        String fit = name.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        String cut = fit.length() > LONGEST ? fit.substring(0, LONGEST) : fit;
        return cut.isEmpty() ? "weir" : cut;
    }
}
