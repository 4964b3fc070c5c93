@NullMarked
package dev.weir.connect.http;

import org.jspecify.annotations.NullMarked;
