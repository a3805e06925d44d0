import CSodium

/// HMAC with SHA-256: shows whoever has the same key that a message is ours and unchanged.
public enum MessageCode {
    public static func make(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        Sodium.require()
        var state = crypto_auth_hmacsha256_state()
        crypto_auth_hmacsha256_init(&state, key, key.count)
        crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        var code = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_bytes()))
        crypto_auth_hmacsha256_final(&state, &code)
        return code
    }
}
