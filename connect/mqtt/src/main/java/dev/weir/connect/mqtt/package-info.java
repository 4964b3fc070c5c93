@NullMarked
package dev.weir.connect.mqtt;

import org.jspecify.annotations.NullMarked;
