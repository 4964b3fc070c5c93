package dev.weir.testkit;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The threads of this process, virtual ones too.
public final class LiveThreads {
    private static final Pattern THREAD = Pattern.compile("(?m)^#\\d+ \"([^\"]*)\"");

    private LiveThreads() {}

    /// The names of the threads that begin with `prefix`. Takes some milliseconds.
    public static List<String> named(String prefix) throws IOException {
        Path folder = Files.createTempDirectory("threads");
        Path dump = folder.resolve("dump.txt");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
            return THREAD.matcher(Files.readString(dump))
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .filter(name -> name.startsWith(prefix))
                    .toList();
        } finally {
            Files.deleteIfExists(dump);
            Files.deleteIfExists(folder);
        }
    }
}
