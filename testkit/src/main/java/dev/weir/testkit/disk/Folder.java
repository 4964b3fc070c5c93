package dev.weir.testkit.disk;

import java.nio.file.attribute.FileTime;
import java.util.TreeMap;

/// A folder: the names that programs see and those that are on the platter.
final class Folder extends Node {
    final TreeMap<String, Node> entries = new TreeMap<>();
    final TreeMap<String, Node> platter = new TreeMap<>();

    Folder(long id, FileTime created) {
        super(id, created);
    }
}
