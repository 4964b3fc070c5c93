package dev.weir.connect.file;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Source;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Yaml;
import dev.weir.testkit.RecordingInlet;
import dev.weir.testkit.TestSurroundings;
import dev.weir.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A folder with files, written as other programs do, and a source that reads them.
///
/// @param folder where the files are
/// @param data the source's own folder, which a second source finds again
/// @param inlet what takes the lines
record FileRig(Path folder, Path data, RecordingInlet inlet) {
    static FileRig in(Path temporary) throws IOException {
        return new FileRig(
                Files.createDirectories(temporary.resolve("logs")), temporary.resolve("data"), new RecordingInlet());
    }

    /// What a config says, checked, with the mistakes in it.
    static Section section(String yaml, Problems problems) {
        return Section.check(
                Yaml.parse(new ConfigFile("test.yaml", yaml), Map.of(), problems)
                        .orElseThrow(),
                FileOptions.SHAPE,
                problems);
    }

    /// The mistakes in a config.
    static List<String> mistakes(String yaml) {
        Problems problems = new Problems();
        Section section = section(yaml, problems);
        if (section.complete()) {
            FileOptions.of(section, problems);
        }
        return problems.all().stream().map(Problem::message).toList();
    }

    /// A source of what the config says of a file or pattern in the folder.
    Source make(String path, String options) {
        return make(path, options, TestSurroundings.of("contract", data));
    }

    Source make(String path, String options, Surroundings surroundings) {
        Problems problems = new Problems();
        String yaml = "{ path: \"" + folder.resolve(path) + "\", poll: 10ms" + (options.isEmpty() ? "" : ", ") + options
                + " }";
        FileOptions settings = FileOptions.of(section(yaml, problems), problems);
        if (!problems.all().isEmpty()) {
            throw new AssertionError(problems.all().toString());
        }
        return new FileSource(settings, surroundings);
    }

    Source open(String path, String options) throws IOException, InterruptedException {
        Source source = make(path, options);
        source.open(inlet);
        return source;
    }

    /// Appends as another process does.
    void shell(String script) throws IOException, InterruptedException {
        Tool.Result result =
                Tool.require("sh", "dash").run(Duration.ofSeconds(20), "-c", "cd '" + folder + "' && " + script);
        if (result.exitCode() != 0) {
            throw new AssertionError(script + ": " + result.output());
        }
    }

    void append(String name, String text) throws IOException {
        Files.writeString(
                folder.resolve(name),
                text,
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
