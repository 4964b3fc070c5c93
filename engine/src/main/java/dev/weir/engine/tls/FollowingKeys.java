package dev.weir.engine.tls;

import dev.weir.engine.tls.FollowedFiles.Generations;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// The key that the files hold. A handshake first chooses an alias, then asks for what is behind
/// it: the alias says from which reading it comes, so that certificate and key fit.
final class FollowingKeys extends X509ExtendedKeyManager {
    private final FollowedFiles files;

    FollowingKeys(FollowedFiles files) {
        this.files = files;
    }

    private @Nullable String choose(Function<X509ExtendedKeyManager, @Nullable String> choice) {
        Generations now = files.fresh();
        String alias = now.current().keys().map(choice).orElse(null);
        return alias == null ? null : now.number() + ":" + alias;
    }

    private <T> @Nullable T behind(
            @Nullable String alias, java.util.function.BiFunction<X509ExtendedKeyManager, String, @Nullable T> get) {
        if (alias == null || alias.indexOf(':') < 0) {
            return null;
        }
        long number = Long.parseLong(alias, 0, alias.indexOf(':'), 10);
        String own = alias.substring(alias.indexOf(':') + 1);
        return files.known().of(number).keys().map(keys -> get.apply(keys, own)).orElse(null);
    }

    private String @Nullable [] all(Function<X509ExtendedKeyManager, String @Nullable []> get) {
        Generations now = files.fresh();
        String[] aliases = now.current().keys().map(get).orElse(null);
        if (aliases == null) {
            return null;
        }
        String[] numbered = new String[aliases.length];
        for (int i = 0; i < aliases.length; i++) {
            numbered[i] = now.number() + ":" + aliases[i];
        }
        return numbered;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return all(keys -> keys.getClientAliases(keyType, issuers));
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keys -> keys.chooseClientAlias(keyType, issuers, socket));
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keys -> keys.chooseEngineClientAlias(keyType, issuers, engine));
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return all(keys -> keys.getServerAliases(keyType, issuers));
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keys -> keys.chooseServerAlias(keyType, issuers, socket));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keys -> keys.chooseEngineServerAlias(keyType, issuers, engine));
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        return behind(alias, X509ExtendedKeyManager::getCertificateChain);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        return behind(alias, X509ExtendedKeyManager::getPrivateKey);
    }
}
