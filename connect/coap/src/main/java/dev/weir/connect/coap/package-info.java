@NullMarked
package dev.weir.connect.coap;

import org.jspecify.annotations.NullMarked;
