import CCurl
import Glibc

/// libcurl, made ready once.
enum Library {
    /// Called before anything else of it.
    static func require() { _ = isReady }

    private static let isReady: Bool = {
        let code = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
        precondition(code == CURLE_OK, "libcurl cannot be used here")
        return true
    }()

    /// Runs what depends on the encoding that the locale names, with UTF-8, on this thread alone.
    static func inUnicode<Answer>(_ body: () -> Answer) -> Answer {
        guard let unicode else { return body() }
        let before = uselocale(unicode)
        defer { uselocale(before) }
        return body()
    }

    private nonisolated(unsafe) static let unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)

    /// Runs what may write to a closed connection.
    static func quietly<Answer>(_ body: () -> Answer) -> Answer {
        var before = sigset_t()
        let wasPending = curl_begin_quiet(&before)
        defer { curl_end_quiet(&before, wasPending) }
        return body()
    }
}
