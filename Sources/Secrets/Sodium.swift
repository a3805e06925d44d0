import CSodium

/// libsodium must be set up once, before anything else of it is called; this is where.
enum Sodium {
    static let isReady: Bool = sodium_init() >= 0

    static func require() { precondition(isReady, "libsodium could not be set up: no source of random bytes?") }
}
