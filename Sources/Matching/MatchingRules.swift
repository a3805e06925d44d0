/// What the user decided about matching.
///
/// Out of the box only an e-mail address matches for logging; a name is a suggestion.
public struct MatchingRules: Sendable, Equatable {
    /// Whether "jane+news@…" is "jane@…", and the dots before gmail.com do not matter.
    public var isAliasRuleOn: Bool
    /// Whether a name matches by itself, instead of being a suggestion.
    public var isNameLoggingOn: Bool
    /// Whether names that differ in one or two letters are looked at.
    public var isFuzzyRuleOn: Bool
    /// The least confidence with which a name matches by itself. Addresses do not ask for it.
    public private(set) var leastConfidence: Int
    /// The user's own addresses, with all their aliases.
    public private(set) var ownAddresses: Set<String>
    /// Where colleagues write from; with all domains below.
    public private(set) var ownDomains: Set<String>
    public private(set) var blockedAddresses: Set<String>
    /// With all domains below.
    public private(set) var blockedDomains: Set<String>

    public static let confidences = 50...100

    /// Changes when the same people and candidates may get another verdict, so that a verdict says by what it was made.
    public static let version = "1"

    let ownAliases: Set<String>

    /// Addresses and domains are normalised; a text that is none is left out. The confidence is put into 50...100.
    public init(
        isAliasRuleOn: Bool = false, isNameLoggingOn: Bool = false, isFuzzyRuleOn: Bool = true,
        leastConfidence: Int = 50, ownAddresses: Set<String> = [], ownDomains: Set<String> = [],
        blockedAddresses: Set<String> = [], blockedDomains: Set<String> = []
    ) {
        self.isAliasRuleOn = isAliasRuleOn
        self.isNameLoggingOn = isNameLoggingOn
        self.isFuzzyRuleOn = isFuzzyRuleOn
        self.leastConfidence = min(max(leastConfidence, Self.confidences.lowerBound), Self.confidences.upperBound)
        let own = ownAddresses.compactMap { MailAddress($0) }
        self.ownAddresses = Set(own.map(\.text))
        ownAliases = Set(own.map(\.alias))
        self.ownDomains = Set(ownDomains.compactMap { MailAddress.domain(of: $0) })
        self.blockedAddresses = Set(blockedAddresses.compactMap { MailAddress($0)?.text })
        self.blockedDomains = Set(blockedDomains.compactMap { MailAddress.domain(of: $0) })
    }

    /// Why nobody is looked for, if so. The user himself comes first, his colleagues last.
    func exclusion(of candidate: Candidate, at address: MailAddress?) -> Exclusion? {
        if candidate.isSelf { return .isSelf }
        if let address, isOwn(address) { return .ownAddress }
        if candidate.isResource || address?.isResource == true { return .resource }
        if candidate.isGroup || address?.isGroup == true { return .group }
        guard let address else { return nil }
        if !blockedAddresses.isEmpty, blockedAddresses.contains(address.text) { return .blockedAddress }
        if address.isIn(blockedDomains) { return .blockedDomain }
        return address.isIn(ownDomains) ? .ownDomain : nil
    }

    private func isOwn(_ address: MailAddress) -> Bool {
        guard !ownAddresses.isEmpty else { return false }
        return ownAddresses.contains(address.text) || ownAliases.contains(address.alias)
    }
}
