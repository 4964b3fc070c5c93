package dev.weir.cli;

import picocli.CommandLine.IVersionProvider;

/// The version as the manifest of the distribution tells it.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Main.class.getPackage().getImplementationVersion();
        return new String[] {
            "weir " + (version == null ? "(built from sources)" : version),
            "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }
}
