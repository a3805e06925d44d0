/// Where the reading of a calendar goes on: `microsoft-1 FROM TO STATE LINK`.
///
/// The link is Graph's own and lets in nobody without a token of the account; the stage seals it all the same.
struct DeltaCursor: Equatable {
    var window: DeltaWindow
    /// The changes said that a series is different, but not which of its occurrences are no more: the next reading looks
    /// at everything.
    var isDoubtful = false
    var link: String

    init(window: DeltaWindow, isDoubtful: Bool = false, link: String) {
        self.window = window
        self.isDoubtful = isDoubtful
        self.link = link
    }

    init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, parts[0] == Self.version, let from = Int64(parts[1]), let to = Int64(parts[2]),
            let window = DeltaWindow(from: from, to: to), ["whole", "doubtful"].contains(parts[3]), !parts[4].isEmpty
        else { return nil }
        self.init(window: window, isDoubtful: parts[3] == "doubtful", link: parts[4])
    }

    var text: String { "\(Self.version) \(window.from) \(window.to) \(isDoubtful ? "doubtful" : "whole") \(link)" }

    private static let version = "microsoft-1"
}
