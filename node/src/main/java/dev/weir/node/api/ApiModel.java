package dev.weir.node.api;

import dev.weir.engine.Latest;
import dev.weir.engine.flow.Commands;
import dev.weir.engine.flow.FlowState;
import dev.weir.engine.flow.Ledger;
import dev.weir.engine.flow.Live;
import dev.weir.engine.flow.Supervised;
import dev.weir.engine.rule.Alarms;
import dev.weir.node.access.AdminToken;
import dev.weir.node.access.Credentials;
import dev.weir.node.debug.LogLevels;
import dev.weir.node.store.Store;
import dev.weir.node.tracing.Tracing;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/// What the interface shows, given by the node. The suppliers are called by many threads, and must
/// not block for long.
///
/// @param node its name
/// @param version of Weir
/// @param started when it was started
/// @param store the past
/// @param latest the last values
/// @param live what happens
/// @param alarms the active alarms
/// @param commands the commands of late
/// @param flow the pipelines and sinks as they are now
/// @param parts how those parts of the node do that are supervised and neither pipelines nor sinks
/// @param ledger the balance as it is now
/// @param commandLine the balance of commands as it is now
/// @param closeWindows closes the windows of the pipeline of that name; fails with
///     [IllegalArgumentException] if there is none
/// @param notReady why the node is not ready yet; empty when it is
/// @param metrics what is counted
/// @param credentials of single devices
/// @param admin by which somebody shows that he may see and change what is not for everybody
/// @param logLevels how much is logged
/// @param tracing follows readings
public record ApiModel(
        String node,
        String version,
        Instant started,
        Store store,
        Latest latest,
        Live live,
        Alarms alarms,
        RecentCommands commands,
        Supplier<FlowState> flow,
        Supplier<List<Supervised>> parts,
        Supplier<Ledger> ledger,
        Supplier<Commands.Line> commandLine,
        Function<String, CompletableFuture<Void>> closeWindows,
        Supplier<List<String>> notReady,
        PrometheusMeters metrics,
        Credentials credentials,
        AdminToken admin,
        LogLevels logLevels,
        Tracing tracing) {}
