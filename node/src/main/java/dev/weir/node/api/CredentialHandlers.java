package dev.weir.node.api;

import dev.weir.node.access.Credential;
import dev.weir.node.access.Credential.Made;
import dev.weir.node.access.Credential.Use;
import dev.weir.node.access.CredentialException;
import dev.weir.node.access.Credentials;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/// Credentials of devices: what there is, new ones, away with one. For the administrator only; who
/// did what is logged, secrets never are.
final class CredentialHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialHandlers.class);
    private static final Set<String> FIELDS = Set.of("name", "kind", "note");

    private final ApiModel model;
    private final Credentials credentials;

    CredentialHandlers(ApiModel model) {
        this.model = model;
        this.credentials = model.credentials();
    }

    Answer list(Call call) throws ApiException {
        call.caller().mustBeAdmin(model.admin());
        return Answer.json(200, Json.object(json -> {
            Json.array(json, "credentials", credentials.all(), credential -> describe(json, credential));
            Json.array(json, "revoked", credentials.revoked().entrySet(), entry -> {
                json.writeStringProperty("name", entry.getKey());
                Json.time(json, "at", entry.getValue());
            });
        }));
    }

    private static void describe(JsonGenerator json, Credential credential) {
        json.writeStringProperty("name", credential.name());
        json.writeStringProperty("kind", credential.use().word());
        Json.time(json, "created", credential.created());
        json.writeStringProperty("note", credential.note());
    }

    Answer create(Call call) throws ApiException, IOException {
        call.caller().mustBeAdmin(model.admin());
        Map<String, String> fields = JsonBody.texts(call.body(), FIELDS);
        Use use = switch (fields.getOrDefault("kind", "password")) {
            case "password" -> Use.PASSWORD;
            case "psk" -> Use.PSK;
            case String other -> throw new ApiException(400, "'kind' must be password or psk, but was '" + other + "'");
        };
        try {
            Made made = credentials.create(fields.getOrDefault("name", ""), use, fields.getOrDefault("note", ""));
            LOG.atInfo()
                    .addKeyValue("name", made.credential().name())
                    .addKeyValue("kind", use.word())
                    .log("credential made");
            return Answer.json(200, Json.object(json -> {
                describe(json, made.credential());
                json.writeStringProperty("secret", made.secret());
            }));
        } catch (CredentialException e) {
            throw refused(e);
        }
    }

    Answer revoke(Call call) throws ApiException, IOException {
        call.caller().mustBeAdmin(model.admin());
        String name = JsonBody.texts(call.body(), FIELDS).getOrDefault("name", "");
        try {
            boolean credential = credentials.revoke(name);
            LOG.atInfo()
                    .addKeyValue("name", name)
                    .addKeyValue("credential", credential)
                    .log("revoked");
            return Answer.json(200, Json.object(json -> {
                json.writeStringProperty("name", name);
                json.writeStringProperty("revoked", credential ? "credential" : "certificates");
            }));
        } catch (CredentialException e) {
            throw refused(e);
        }
    }

    private static ApiException refused(CredentialException e) {
        return new ApiException(e.isConflict() ? 409 : 400, Objects.toString(e.getMessage(), ""));
    }
}
