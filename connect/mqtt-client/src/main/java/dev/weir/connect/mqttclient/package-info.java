/// Other MQTT brokers: topics subscribed to as a source, readings published as a sink.
@NullMarked
package dev.weir.connect.mqttclient;

import org.jspecify.annotations.NullMarked;
