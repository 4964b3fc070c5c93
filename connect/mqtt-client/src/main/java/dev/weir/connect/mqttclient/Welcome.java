package dev.weir.connect.mqttclient;

/// What a broker allows that has taken a connection.
///
/// @param receiveMaximum how many messages it takes unacknowledged
/// @param maxPacket the largest packet that it takes, in bytes
/// @param maximumQos the best quality of service that it offers
/// @param retain whether it keeps retained messages
record Welcome(int receiveMaximum, long maxPacket, int maximumQos, boolean retain) {
    /// Brokers of 3.1.1 cannot say.
    static final Welcome WITHOUT_LIMITS = new Welcome(65_535, Long.MAX_VALUE, 2, true);
}
