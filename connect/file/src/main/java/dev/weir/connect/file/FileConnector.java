package dev.weir.connect.file;

import dev.weir.engine.Connector;
import java.util.Optional;

/// Files as a source of readings.
public final class FileConnector implements Connector {
    @Override
    public String name() {
        return "file";
    }

    @Override
    public String about() {
        return "Files of CSV or of one JSON text a line: followed as they grow (`tail -F`), read once, or replayed in"
                + " the time of the recording.";
    }

    @Override
    public String example() {
        return """
                sources:
                  logger:
                    file:
                      path: /var/log/logger/*.csv
                      format: csv
                      address: logger/{name}
                """;
    }

    @Override
    public Optional<SourceType> source() {
        return Optional.of(new SourceType(
                FileOptions.SHAPE,
                new Delivery(
                        "At least once, in the order of the lines: `follow` and `once` remember how far acknowledged"
                                + " reading has come and go on there after a restart, also when the file was renamed"
                                + " meanwhile. Lines of the last second before a crash may come again. A line that"
                                + " cannot be decoded, or that no pipeline wants, counts as read.",
                        "A file that is changed in place, compressed, moved out of its folder or deleted before it was"
                                + " read to its end, or renamed before it was seen first; a renamed file into which is"
                                + " still written after five looks; rotation by copying and truncating, for what is written between"
                                + " the last look and the truncation; `from: end`, for what is written while the node"
                                + " does not run; a lost data folder makes everything come again. `replay` remembers"
                                + " nothing and begins anew at every start."),
                Listens.NOWHERE,
                (options, surroundings, problems) -> {
                    FileOptions settings = FileOptions.of(options, problems);
                    return new FileSource(settings, surroundings);
                }));
    }
}
