import CCurl

/// libcurl, made ready once.
enum Library {
    /// Called before anything else of it.
    static func require() { _ = isReady }

    private static let isReady: Bool = {
        let code = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
        precondition(code == CURLE_OK, "libcurl cannot be used here")
        return true
    }()

    /// Runs what may write to a closed connection.
    static func quietly<Answer>(_ body: () -> Answer) -> Answer {
        var before = sigset_t()
        let wasPending = curl_begin_quiet(&before)
        defer { curl_end_quiet(&before, wasPending) }
        return body()
    }
}
