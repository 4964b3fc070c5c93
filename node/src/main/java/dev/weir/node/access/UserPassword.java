package dev.weir.node.access;

import dev.weir.engine.config.Location;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// Reads the hash of a user's password from the config, or from the file that it names.
final class UserPassword {
    private static final int FILE_BYTES = 1024;
    private static final int WEAK_COST = 8;

    private UserPassword() {}

    /// @param path where the user stands in the file, for messages
    static Optional<PasswordHash> of(String path, String name, Section user, Problems problems) {
        boolean inFile = user.has("password-file");
        if (inFile == user.has("password")) {
            problems.error(user.location(), path + ": a user has either 'password' or 'password-file'");
            return Optional.empty();
        }
        Location location = user.at(inFile ? "password-file" : "password");
        Optional<String> text = inFile
                ? read(path, user.text("password-file"), location, problems)
                : Optional.of(user.text("password"));
        return text.flatMap(hash -> parse(path, name, hash.strip(), location, problems));
    }

    private static Optional<PasswordHash> parse(
            String path, String name, String text, Location location, Problems problems) {
        // `htpasswd -n` and `mosquitto_passwd` write the name before it.
        String hash = text.startsWith(name + ":") ? text.substring(name.length() + 1) : text;
        Optional<PasswordHash> parsed = PasswordHash.parse(hash);
        if (parsed.isEmpty()) {
            problems.error(
                    location,
                    path + ": expected the hash of a password ($2b$… of at most cost 14, or $7$…), never the password"
                            + " itself; 'weir password' makes one");
        } else if (parsed.get() instanceof PasswordHash.Bcrypt bcrypt && bcrypt.cost() < WEAK_COST) {
            problems.warning(
                    location,
                    path + ": a hash of cost " + bcrypt.cost() + " is quick to guess; 'weir password' makes one of"
                            + " cost 10 ('htpasswd -B -C 10' too)");
        }
        return parsed;
    }

    private static Optional<String> read(String path, String file, Location location, Problems problems) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return Optional.of(new String(in.readNBytes(FILE_BYTES), StandardCharsets.UTF_8));
        } catch (IOException | InvalidPathException e) {
            String why = e instanceof IOException
                    ? Files.exists(Path.of(file)) ? "cannot be read by this user" : "does not exist"
                    : "is no path: " + Objects.toString(e.getMessage(), "");
            problems.error(location, path + ".password-file: '" + file + "' " + why);
            return Optional.empty();
        }
    }
}
