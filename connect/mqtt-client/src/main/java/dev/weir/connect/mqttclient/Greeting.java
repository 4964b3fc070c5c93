package dev.weir.connect.mqttclient;

/// What this side says of itself when it connects.
///
/// @param clean whether the broker forgets what it kept for this client
/// @param expirySeconds how long it keeps the session afterwards; not said in 3.1.1
/// @param receiveMaximum how many messages may be unacknowledged
/// @param holding whether the socket is not read beyond that, since the broker cannot be told;
///     otherwise it is told
record Greeting(boolean clean, long expirySeconds, int receiveMaximum, boolean holding) {}
