package dev.weir.cli;

import dev.weir.cli.CredentialDesk.Listing;
import dev.weir.engine.config.CheckReport;
import dev.weir.node.NodeConfig;
import dev.weir.node.NodePlan;
import dev.weir.node.access.Credential.Use;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `weir credentials`: what single devices come in with.
@Command(
        name = "credentials",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "create|list|revoke",
        description = {
            "Makes, lists and revokes the credentials of single devices.",
            "FILE is the node's config. A node that runs is asked over its API, with the token in its data folder;"
                    + " otherwise the file credentials.json in that folder is changed."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it did not work: the name is taken, the node does not answer; or the config has mistakes",
            "2:wrong usage, or the config cannot be read"
        },
        footer = {
            "",
            "Examples:",
            "  weir credentials create my-node.yaml pump-7 --note \"hall 2\"",
            "  weir credentials create my-node.yaml mote-3 --psk",
            "  weir credentials list my-node.yaml --json",
            "  weir credentials revoke my-node.yaml pump-7"
        })
final class CredentialsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: create, list or revoke");
    }

    private interface Work {
        void with(CredentialDesk desk, Terminal terminal) throws IOException, InterruptedException;
    }

    private static int at(CommandSpec spec, Path file, Work work) throws IOException, InterruptedException {
        Terminal terminal = new Terminal(spec.commandLine().getOut());
        NodeConfig config = NodePlan.load(file, System.getenv());
        CheckReport report = config.report();
        if (report.exitCode() != 0) {
            terminal.bad(report.render());
            return report.exitCode();
        }
        try (CredentialDesk desk = CredentialDesk.of(config)) {
            work.with(desk, terminal);
        }
        return 0;
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = {
                "Makes a credential and prints its secret, which is never shown again.",
                "It is a password for MQTT and HTTP, and with the name and a dot before it a bearer token."
            },
            footer = {"", "Example:", "  weir credentials create my-node.yaml pump-7"})
    int create(
            @Parameters(paramLabel = "FILE", description = "the node's config") Path file,
            @Parameters(paramLabel = "NAME", description = "the device's name") String name,
            @Option(
                            names = "--psk",
                            description = "a key for DTLS with pre-shared keys instead; the node keeps it in clear,"
                                    + " since the protocol needs it")
                    boolean psk,
            @Option(names = "--note", paramLabel = "TEXT", defaultValue = "", description = "a line to remember it by")
                    String note,
            @Option(names = "--json", description = "prints a JSON object") boolean json)
            throws IOException, InterruptedException {
        return at(spec, file, (desk, terminal) -> {
            Use use = psk ? Use.PSK : Use.PASSWORD;
            String secret = desk.create(name, use, note);
            if (json) {
                Map<String, String> made = new LinkedHashMap<>();
                made.put("name", name);
                made.put("kind", use.word());
                made.put("note", note);
                made.put("secret", secret);
                terminal.line(JsonTexts.write(made));
                return;
            }
            terminal.line("name:   " + name);
            terminal.line("secret: " + secret);
            if (!psk) {
                terminal.line("token:  " + name + "." + secret);
            }
            terminal.quiet("write it down: it is not shown again");
        });
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists credentials, without their secrets, and the names that certificates must not have.",
            footer = {"", "Example:", "  weir credentials list my-node.yaml --json | jq .name"})
    int list(
            @Parameters(paramLabel = "FILE", description = "the node's config") Path file,
            @Option(names = "--json", description = "prints each as a JSON line") boolean json)
            throws IOException, InterruptedException {
        return at(spec, file, (desk, terminal) -> {
            Listing listing = desk.list();
            listing.credentials().forEach(credential -> {
                Map<String, String> row = new LinkedHashMap<>();
                row.put("name", credential.name());
                row.put("kind", credential.kind());
                row.put("since", credential.created().toString());
                row.put("note", credential.note());
                print(row, json, terminal);
            });
            listing.revoked().forEach((name, at) -> {
                Map<String, String> row = new LinkedHashMap<>();
                row.put("name", name);
                row.put("kind", "revoked");
                row.put("since", at.toString());
                print(row, json, terminal);
            });
            if (listing.credentials().isEmpty() && listing.revoked().isEmpty() && !json) {
                terminal.quiet("there are none; 'weir credentials create FILE NAME' makes one");
            }
        });
    }

    private static void print(Map<String, String> row, boolean json, Terminal terminal) {
        terminal.line(
                json
                        ? JsonTexts.write(row)
                        : Terminal.safe(String.join("  ", row.values())).stripTrailing());
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = {
                "Takes a credential away; who uses it is put out.",
                "A name without a credential is from then on refused to clients with certificates."
            },
            footer = {"", "Example:", "  weir credentials revoke my-node.yaml pump-7"})
    int revoke(
            @Parameters(paramLabel = "FILE", description = "the node's config") Path file,
            @Parameters(paramLabel = "NAME", description = "the device's name, or the one in its certificate")
                    String name)
            throws IOException, InterruptedException {
        return at(spec, file, (desk, terminal) -> {
            boolean credential = desk.revoke(name);
            terminal.line(Terminal.safe(
                    credential
                            ? "the credential of " + name + " is revoked"
                            : "no credential is called " + name
                                    + ": certificates of that name are refused from now on"));
        });
    }
}
