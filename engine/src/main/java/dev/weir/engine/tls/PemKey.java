package dev.weir.engine.tls;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/// Reads private keys: PKCS#8, and the older forms that are a wrapper away from it.
final class PemKey {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final int PROBE = 32;

    private PemKey() {}

    /// The one private key in a file.
    static PrivateKey of(PemFile file) throws TlsFileException {
        for (PemFile.Block block : file.blocks()) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return key(file, block.der());
                }
                case "RSA PRIVATE KEY" -> {
                    return key(file, Der.pkcs8OfPkcs1(block.der()));
                }
                case "EC PRIVATE KEY" -> {
                    return key(file, Der.pkcs8OfSec1(block.der()).orElseThrow(() -> unknown(file)));
                }
                case "ENCRYPTED PRIVATE KEY", "ENCRYPTED RSA PRIVATE KEY", "ENCRYPTED EC PRIVATE KEY" ->
                    throw file.wrong("is encrypted, and a node that starts by itself cannot ask for its password: "
                            + "decrypt it with 'openssl pkey -in " + file.path() + " -out key.pem'");
                case "OPENSSH PRIVATE KEY", "DSA PRIVATE KEY" -> throw unknown(file);
                default -> {
                    // A certificate in the same file, or the parameters of a curve.
                }
            }
        }
        throw file.wrong("has no private key in it: expected a line '-----BEGIN PRIVATE KEY-----'");
    }

    private static PrivateKey key(PemFile file, byte[] pkcs8) throws TlsFileException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // A key of another algorithm.
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK has no keys of " + algorithm, e);
            }
        }
        throw unknown(file);
    }

    private static TlsFileException unknown(PemFile file) {
        return file.wrong("is a key of a kind that is not understood (RSA, EC and Ed25519 are): try 'openssl pkey -in "
                + file.path() + " -out key.pem'");
    }

    /// Whether two keys belong together: what one signs the other verifies.
    static boolean matches(PrivateKey key, PublicKey certified) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> "";
        };
        if (algorithm.isEmpty()) {
            return key.getAlgorithm().equals(certified.getAlgorithm());
        }
        try {
            byte[] probe = new byte[PROBE];
            new SecureRandom().nextBytes(probe);
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(probe);
            return signature.verify(signed);
        } catch (InvalidKeyException e) {
            return false;
        } catch (GeneralSecurityException e) {
            // A signature that is not even one, from a key of the same kind and another size.
            return false;
        }
    }
}
