package dev.weir.connect.nats;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import io.nats.client.Options;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/// Who the node says it is. No text of these shows a secret.
sealed interface Login {
    /// Nobody, or whom a certificate names.
    record Anonymous() implements Login {}

    /// A user with a password.
    record User(String name, String password) implements Login {
        @Override
        public String toString() {
            return "user '" + name + "'";
        }
    }

    /// A token that the server shares with its clients.
    record Token(String token) implements Login {
        @Override
        public String toString() {
            return "a token";
        }
    }

    /// A file with a JWT and the seed of an NKey, as `nsc` writes it. Read at each connect, so that
    /// it can be renewed.
    record Credentials(Path file) implements Login {
        @Override
        public String toString() {
            return "credentials of '" + file + "'";
        }
    }

    /// The options that say it.
    static List<Option> options() {
        return List.of(
                Option.optional("user", new Kind.Text(), "The user name"),
                Option.optional("password", new Kind.Secret(), "The user's password"),
                Option.optional("token", new Kind.Secret(), "The token, where the server wants one and no user"),
                Option.optional(
                        "credentials",
                        new Kind.Text(),
                        "A `.creds` file (JWT and NKey) as `nsc` and Synadia write it; read again at each connect"));
    }

    /// What the options say.
    static Login of(Section options, Problems problems) {
        long ways = List.of("user", "token", "credentials").stream()
                .filter(options::has)
                .count();
        if (ways > 1) {
            problems.error(options.location(), "only one of 'user', 'token' and 'credentials' can be given");
        }
        if (options.has("user") != options.has("password")) {
            problems.error(
                    options.at(options.has("user") ? "user" : "password"),
                    options.has("user") ? "a user needs a 'password'" : "a password needs a 'user'");
            return new Anonymous();
        }
        if (options.has("user")) {
            return new User(options.text("user"), options.text("password"));
        }
        if (options.has("token")) {
            return new Token(options.text("token"));
        }
        return options.has("credentials") ? credentials(options, problems) : new Anonymous();
    }

    private static Login credentials(Section options, Problems problems) {
        try {
            Path file = Path.of(options.text("credentials"));
            if (!Files.isReadable(file)) {
                problems.error(options.at("credentials"), "'" + file + "' does not exist or may not be read");
            }
            return new Credentials(file);
        } catch (InvalidPathException e) {
            problems.error(options.at("credentials"), "'" + e.getInput() + "' is no path: " + e.getReason());
            return new Anonymous();
        }
    }

    /// Tells jnats.
    default void apply(Options.Builder options) {
        switch (this) {
            case Anonymous _ -> {}
            case User(String name, String password) -> options.userInfo(name, password);
            case Token(String token) -> options.token(token.toCharArray());
            case Credentials(Path file) -> options.authHandler(new Creds(file));
        }
    }
}
