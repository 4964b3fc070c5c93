package dev.weir.connect.mqttclient;

/// What this side says of itself when it connects.
///
/// @param clean whether the broker forgets what it kept for this client
/// @param expirySeconds how long it keeps the session afterwards; not said in 3.1.1
/// @param receiveMaximum how many messages it may have unacknowledged; not said in 3.1.1
record Greeting(boolean clean, long expirySeconds, int receiveMaximum) {}
