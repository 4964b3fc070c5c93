/// From bytes to readings: JSON, CBOR, SenML in either, CSV, raw.
///
/// [DecodeShape] says what may stand behind `decode:`, [Decoders] makes a [Decoder] of it. A
/// decoder resolves names to slots of the stream's schema: at load for what the config names, at
/// first sight for what devices send beyond it. Any number of threads decode at once.
///
/// **Values.** A number is a double unless `fields:` declares `long`; true and false are booleans;
/// null is an absent field. What `fields:` declares is enforced. A number that no double can hold
/// is refused rather than made infinite.
///
/// **Names.** A field may have any name of 1 to 64 characters without control characters. A field
/// in a nested JSON object bears the path joined with `_`: `{"gps":{"lat":1}}` is `gps_lat`. Lists
/// inside a reading are not kept. What is not kept is counted in `weir_fields_not_kept`, by reason:
/// `list`, `name`, `too-many`.
///
/// **Time and device.** The fields that `time:` and `device:` name become the reading's time and
/// device and are no fields of it. A reading without them has the receive time and the device of
/// its address. A time is ISO-8601 (UTC where it has no offset) or a number since 1970, by default
/// of milliseconds.
///
/// **Failure.** Hostile bytes cause a [DecodeException] and nothing else. Its reasons are
/// `malformed`, `wrong-type`, `bad-time`, `bad-device`, `no-device`, `too-large`, `no-reading` and
/// `unsupported`. Work and memory are proportional to the payload, whose size the source bounds.
@NullMarked
package dev.weir.engine.decode;

import org.jspecify.annotations.NullMarked;
