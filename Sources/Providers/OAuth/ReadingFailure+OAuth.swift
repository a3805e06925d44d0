import Entries

extension ReadingFailure {
    /// A source that could not be read because there is no access to it.
    public init(_ failure: OAuthFailure) {
        let errorClass: ErrorClass =
            switch failure.kind {
            case .needsReconnect, .declined, .badAnswer: .auth
            case .needsAdministrator, .badApp: .permanent
            case .transient: .transient
            }
        self.init(
            errorClass, failure.code, failure.description, retryAfterMilliseconds: failure.retryAfterMilliseconds)
    }
}
