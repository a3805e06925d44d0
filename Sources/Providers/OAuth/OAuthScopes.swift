/// What access is asked for.
public enum OAuthPart: String, Sendable, Codable, CaseIterable, Comparable {
    case calendars, contacts

    public static func < (left: OAuthPart, right: OAuthPart) -> Bool { left.rawValue < right.rawValue }
}

/// The scopes of the providers: as few as the reading needs, and none that could write.
extension OAuthProvider {
    /// What is asked for, in the words of the provider.
    public func scopes(for parts: Set<OAuthPart>) -> [String] {
        switch name {
        case .google: parts.sorted().flatMap { Self.google[$0] ?? [] }.map(\.asked)
        // Without offline_access there is nothing to renew access with.
        case .microsoft:
            ["offline_access", "User.Read"] + parts.sorted().flatMap { Self.microsoft[$0] ?? [] }.map(\.asked)
        }
    }

    /// What of a part was not granted: a person may say yes to some of what is asked.
    func missing(_ part: OAuthPart, in granted: [String]) -> [String] {
        let granted = Set(granted.map(plain))
        let needs = (name == .google ? Self.google : Self.microsoft)[part] ?? []
        return needs.filter { need in !([need.asked] + need.wider).contains { granted.contains(plain($0)) } }
            .map(\.asked)
    }

    /// Microsoft writes the same scope with and without its address, and in letters of either case.
    private func plain(_ scope: String) -> String {
        let graph = "https://graph.microsoft.com/"
        guard name == .microsoft else { return scope }
        return (scope.lowercased().hasPrefix(graph) ? String(scope.dropFirst(graph.count)) : scope).lowercased()
    }

    private struct Need {
        let asked: String
        /// Others that include it.
        var wider: [String] = []
    }

    private static let root = "https://www.googleapis.com/auth/"

    private static let google: [OAuthPart: [Need]] = [
        .calendars: [
            Need(
                asked: root + "calendar.events.readonly",
                wider: ["calendar.readonly", "calendar.events", "calendar"].map { root + $0 }),
            Need(
                asked: root + "calendar.calendarlist.readonly",
                wider: ["calendar.readonly", "calendar.calendarlist", "calendar"].map { root + $0 }),
        ],
        .contacts: [Need(asked: root + "contacts.readonly", wider: [root + "contacts"])],
    ]

    private static let microsoft: [OAuthPart: [Need]] = [
        .calendars: [Need(asked: "Calendars.Read", wider: ["Calendars.ReadWrite"])],
        .contacts: [Need(asked: "Contacts.Read", wider: ["Contacts.ReadWrite"])],
    ]
}
