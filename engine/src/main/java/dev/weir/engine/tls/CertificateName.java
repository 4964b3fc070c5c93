package dev.weir.engine.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// Which of the names in a certificate is its owner's identity.
public enum CertificateName {
    /// The common name of the subject.
    CN("cn", -1),
    /// The first alternative name that is a DNS name.
    SAN_DNS("san-dns", 2),
    /// The first alternative name that is an e-mail address.
    SAN_EMAIL("san-email", 1),
    /// The first alternative name that is a URI.
    SAN_URI("san-uri", 6);

    private static final int LONGEST = 256;

    private final String word;
    private final int kind;

    CertificateName(String word, int kind) {
        this.word = word;
        this.kind = kind;
    }

    /// As the config says it.
    String word() {
        return word;
    }

    static CertificateName of(String word) {
        for (CertificateName name : values()) {
            if (name.word.equals(word)) {
                return name;
            }
        }
        throw new IllegalArgumentException("no name of a certificate is called '" + word + "'");
    }

    /// That name of a certificate; empty if it has none, or one that is blank, longer than 256
    /// characters, or has control characters.
    public Optional<String> in(X509Certificate certificate) {
        return (this == CN ? commonName(certificate) : alternative(certificate))
                .filter(name -> !name.isBlank()
                        && name.length() <= LONGEST
                        && name.chars().noneMatch(Character::isISOControl));
    }

    private static Optional<String> commonName(X509Certificate certificate) {
        try {
            List<Rdn> parts = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
            // The most specific one stands last.
            return parts.reversed().stream()
                    .filter(part -> part.getType().equalsIgnoreCase("CN"))
                    .map(Rdn::getValue)
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    private Optional<String> alternative(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? Optional.empty()
                    : names.stream()
                            .filter(name -> name.get(0).equals(kind))
                            .map(name -> String.valueOf(name.get(1)))
                            .findFirst();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
    }
}
