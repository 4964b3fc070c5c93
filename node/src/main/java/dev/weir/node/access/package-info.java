/// Who may come in, and do what: the node's side of [dev.weir.engine.access.Access].
///
/// [NodeAccess] puts together what the config says (`access:` with [Anonymous], users and [Rules])
/// and the [Credentials] that the node itself keeps in `credentials.json`. Each source gets a view
/// of its own, since `anonymous:` may differ. A login is one of four:
/// - a user of the config, by a password whose hash is slow to check on purpose ([PasswordCheck]
///   bounds what that costs),
/// - a device with a credential of its own, whose secret is random and therefore quick to check,
/// - the owner of a certificate that TLS has verified,
/// - nobody in particular, where anonymous clients are let in.
///
/// What somebody may do is worked out once, at the login; the answers later take no memory.
@NullMarked
package dev.weir.node.access;

import org.jspecify.annotations.NullMarked;
