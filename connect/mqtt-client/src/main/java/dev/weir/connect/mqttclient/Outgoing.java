package dev.weir.connect.mqttclient;

import com.hivemq.client.mqtt.datatypes.MqttTopic;
import org.jspecify.annotations.Nullable;

/// A message as it goes out.
///
/// @param contentType not said in 3.1.1
/// @param hops how many nodes it will have passed; not said in 3.1.1
/// @param trace the trace it is part of, as `traceparent`; null if none; not said in 3.1.1
@SuppressWarnings("ArrayRecordComponent") // handed to the library at once
record Outgoing(
        MqttTopic topic,
        byte[] payload,
        int qos,
        boolean retain,
        @Nullable String contentType,
        int hops,
        @Nullable String trace) {}
