package dev.weir.node.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;

/// The page for people: one file without anything from elsewhere. The browser is told the hashes of
/// its script and style, so that nothing else can run in it, whatever a device sends.
final class Page {
    private static final String TYPE = "text/html;charset=utf-8";

    private Page() {}

    static Answer answer(Call call) {
        String page = page();
        String policy = "default-src 'none'; connect-src 'self'; img-src data:; script-src " + hash(page, "script")
                + "; style-src " + hash(page, "style")
                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return new Answer.Content(
                200, TYPE, page.getBytes(StandardCharsets.UTF_8), Map.of("Content-Security-Policy", policy));
    }

    private static String page() {
        try (InputStream file = Objects.requireNonNull(Page.class.getResourceAsStream("page.html"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String page, String element) {
        int start = page.indexOf("<" + element + ">") + element.length() + 2;
        String content = page.substring(start, page.indexOf("</" + element + ">"));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
