import Secrets

/// Where the next reading begins: a sync token of Google's, and a mark of the question that it belongs to.
///
/// A token is bound to the parameters of the first request; with others Google promises nothing. So a cursor whose
/// question is another than today's is none.
struct GoogleCursor: Equatable {
    /// A mark of calendar and parameters.
    let question: String
    /// Empty where Google gave none.
    let token: String

    /// Goes up when what is made of an answer becomes different, so that everything is looked at again.
    static let version = "1"

    init(question: String, token: String) {
        self.question = question
        self.token = token
    }

    init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0] == Self.version else { return nil }
        self.init(question: parts[1], token: parts[2])
    }

    var text: String { "\(Self.version) \(question) \(token)" }

    static func question(_ address: String, _ query: [(String, String)]) -> String {
        let text = ([address] + query.map { "\($0.0)=\($0.1)" }).joined(separator: "\n")
        return String(SHA256.hash(Array(text.utf8)).hexadecimal.prefix(16))
    }
}
