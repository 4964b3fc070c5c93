/// Who may do what at the node's doors, as connectors see it: they ask [Access] who somebody is,
/// and the [Identity] what that one may do. The node decides by its config and by the credentials
/// that it keeps; connectors know nothing of either.
@NullMarked
package dev.weir.engine.access;

import org.jspecify.annotations.NullMarked;
