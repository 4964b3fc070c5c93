package dev.weir.connect.file;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Source;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.SourceContract;
import dev.weir.testkit.SourceRig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/// The contract of all sources; a program that appends to a file is the peer.
class FileSourceContractIT extends SourceContract {
    @TempDir
    Path files;

    @Override
    protected SourceRig rig() throws IOException {
        return new Appending(FileRig.in(files));
    }

    private record Appending(FileRig rig) implements SourceRig {
        @Override
        public Source make(Surroundings surroundings) {
            return rig.make("contract.jsonl", "", surroundings);
        }

        @Override
        public synchronized void send(String device, int n) throws IOException {
            rig.append("contract.jsonl", new Numbered(device, n).json() + "\n");
        }

        @Override
        public String threads() {
            return "file-contract";
        }

        @Override
        public Map<Feature, String> without() {
            return Map.of(
                    Feature.ACKNOWLEDGEMENT, "whoever writes a file is not told who has read it",
                    Feature.REFUSAL, "the same; the source waits for room",
                    Feature.CONNECTION, "there is none",
                    Feature.PEER, "there is none; files that go and come are in FollowIT");
        }

        @Override
        public void close() {}
    }
}
