package dev.weir.connect.system;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Source;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.RecordingInlet;
import dev.weir.testkit.SourceContract;
import dev.weir.testkit.SourceRig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// The contract of all sources. The machine is one whose disks' use the test sets; the real one is
/// in OshiMachineIT.
class SystemSourceContractIT extends SourceContract {
    @Override
    protected SourceRig rig() {
        return new Measured();
    }

    private static final class Measured implements SourceRig {
        private final BlockingQueue<Sample> samples = new LinkedBlockingQueue<>();

        @Override
        public Source make(Surroundings surroundings) {
            SystemOptions options = SystemSourceIT.options("{ deadband: { disk: \"0\" } }", Duration.ofMillis(2));
            return new SystemSource(options, surroundings.name(), () -> this::measure, InstantSource.system());
        }

        private List<Sample> measure() {
            List<Sample> news = new ArrayList<>();
            samples.drainTo(news);
            return news;
        }

        @Override
        public void send(String device, int n) {
            samples.add(new Sample(Metric.DISK, device).with("n", (long) n));
        }

        @Override
        public Numbered read(RecordingInlet.Taken taken) {
            String device = taken.address().substring(taken.address().lastIndexOf('/') + 1);
            String n = taken.text().replaceAll(".*\"n\":(\\d+).*", "$1");
            return new Numbered(device, Integer.parseInt(n));
        }

        @Override
        public String threads() {
            return "system-contract";
        }

        @Override
        public Map<Feature, String> without() {
            return Map.of(
                    Feature.ACKNOWLEDGEMENT, "a machine is not told who has measured it",
                    Feature.REFUSAL, "the same; the source waits for room",
                    Feature.CONNECTION, "there is none",
                    Feature.PEER, "there is none");
        }

        @Override
        public void close() {}
    }
}
