/// The address at which an event is joined.
///
/// A link is believed by its host, which must be a service's own or end in a dot and that, and by its path, which must
/// be that of a meeting. It is kept whole: what follows the path often holds the passcode.
public struct MeetingLink: Hashable, Sendable {
    public enum Service: String, Hashable, Sendable {
        case zoom, meet, teams, webex
        /// A service of the calendar's own choice, which only its conference data can name.
        case other
    }

    public let address: String
    public let service: Service

    /// Looks where a link is most surely meant: conference data, the field of a provider, URL, description, location.
    public static func find(in event: CalendarEvent) -> MeetingLink? {
        for source in [CalendarEvent.Conference.Source.standard, .provider] {
            let addresses = event.conferences.filter { $0.source == source }.map(\.address)
            for address in addresses { if let link = first(in: address) { return link } }
            for address in addresses {
                if let link = WebAddress(address[...]) { return MeetingLink(link.text, at: .other) }
            }
        }
        return [event.url, event.description, event.location].lazy.compactMap { $0.value.flatMap(first) }.first
    }

    /// The first link to a known service in a text, which may be HTML.
    public static func first(in text: String) -> MeetingLink? {
        var candidates = LinkCandidates(text)
        while let candidate = candidates.next() {
            if let link = MeetingLink(candidate[...], unwrapping: 2) { return link }
        }
        return nil
    }

    /// An address of a known service; nil for every other.
    public init?(_ address: String) {
        self.init(address[...], unwrapping: 0)
    }

    private init(_ address: String, at service: Service) {
        self.address = address
        self.service = service
    }

    /// Mail programs put links into links of their own, to look at them first; those are taken out again.
    private init?(_ text: Substring, unwrapping depth: Int) {
        guard let address = WebAddress(text) else { return nil }
        if let service = Service(address) {
            self.init(address.text, at: service)
        } else if depth > 0, let inner = address.wrapped {
            self.init(inner[...], unwrapping: depth - 1)
        } else {
            return nil
        }
    }
}

extension MeetingLink.Service {
    fileprivate init?(_ address: WebAddress) {
        let path = address.path
        func hasPath(_ prefixes: String...) -> Bool { prefixes.contains { path.hasPrefix($0) } }
        if address.isAt("zoom.us") || address.isAt("zoomgov.com") || address.isAt("zoom.com") {
            guard hasPath("/j/", "/my/", "/w/", "/wc/", "/s/", "/meeting/") else { return nil }
            self = .zoom
        } else if address.host == "meet.google.com" {
            guard path.utf8.count > 1, !hasPath("/tel/", "/landing", "/new") else { return nil }
            self = .meet
        } else if address.isAt("teams.microsoft.com") || address.isAt("teams.live.com")
            || address.isAt("teams.microsoft.us") || address.isAt("teams.cloud.microsoft")
        {
            guard hasPath("/l/meetup-join/", "/meet/", "/l/meeting/", "/_#/l/meetup-join/", "/dl/launcher/") else {
                return nil
            }
            self = .teams
        } else if address.isAt("webex.com") {
            guard ["/meet/", "/join/", "/j.php", "/m/", "/wbxmjs/", "/meet?"].contains(where: { path.contains($0) })
            else { return nil }
            self = .webex
        } else {
            return nil
        }
    }
}

/// An address of the web in its parts.
private struct WebAddress {
    let text: String
    /// In small letters, without a port.
    let host: String
    /// From the first slash to the end.
    let path: String

    init?(_ given: Substring) {
        guard given.utf8.count <= LinkCandidates.longest, let scheme = given.range(ofScheme: ["https://", "http://"])
        else { return nil }
        let rest = given[scheme...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // Whoever writes a name before the host wants another host to be seen.
        guard !authority.isEmpty, authority.utf8.allSatisfy({ $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: "\\") })
        else { return nil }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard let name = parts.first, parts.count == 1 || (parts.count == 2 && parts[1].utf8.allSatisfy(\.isDigit)),
            name.utf8.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
        else { return nil }
        text = String(given)
        host = name.lowercased()
        path = String(rest.dropFirst(authority.count))
    }

    /// The host itself, or one below it.
    func isAt(_ domain: String) -> Bool { host == domain || host.hasSuffix("." + domain) }

    /// The address that a guard of links carries in itself.
    var wrapped: String? {
        let name: String
        if isAt("safelinks.protection.outlook.com") {
            name = "url="
        } else if host == "www.google.com", path.hasPrefix("/url?") {
            name = "q="
        } else {
            return nil
        }
        guard let question = path.firstIndex(of: "?") else { return nil }
        let query = path[path.index(after: question)...].split(separator: "&")
        return query.first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.count)).withoutPercents }
    }
}

extension Substring {
    /// Where the text goes on behind one of the schemes, in any case.
    fileprivate func range(ofScheme schemes: [String]) -> Index? {
        for scheme in schemes where prefix(scheme.count).lowercased() == scheme {
            return index(startIndex, offsetBy: scheme.count)
        }
        return nil
    }
}

/// Finds what begins as an address of the web does. Each byte is looked at once.
private struct LinkCandidates {
    /// Links of Teams, guarded by a mail program, have some 1,500 bytes.
    static let longest = 4_096

    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = [UInt8](text.utf8)
    }

    mutating func next() -> String? {
        while position < bytes.count {
            guard bytes.span.hasPrefix("HTTP", at: position, before: bytes.count) else {
                position += 1
                continue
            }
            let start = position
            let link = readLink()
            position = max(position, start + 4)
            if let link { return link }
        }
        return nil
    }

    private mutating func readLink() -> String? {
        var link: [UInt8] = []
        while position < bytes.count, Self.mayStandInLink(bytes[position]) {
            let rest = bytes[position..<min(position + 6, bytes.count)]
            if rest.first == UInt8(ascii: "&") {
                if rest.starts(with: "&amp;".utf8) {
                    link.append(UInt8(ascii: "&"))
                    position += 5
                    continue
                }
                if ["&lt;", "&gt;", "&quot;", "&nbsp;", "&#39;", "&#34;"].contains(where: { rest.starts(with: $0.utf8) }
                ) {
                    break
                }
            }
            link.append(bytes[position])
            position += 1
        }
        guard link.count <= Self.longest else { return nil }
        dropPunctuation(&link)
        return String(decoding: link, as: UTF8.self)
    }

    private static func mayStandInLink(_ byte: UInt8) -> Bool {
        guard byte > .blank, byte < 127 else { return false }
        return switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "^"),
            UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "["),
            UInt8(ascii: "]"):
            false
        default: true
        }
    }

    /// What ends a sentence does not belong to the link in it, and a bracket only if it was opened there.
    private func dropPunctuation(_ link: inout [UInt8]) {
        let opensBracket = link.contains(UInt8(ascii: "("))
        while let last = link.last {
            switch last {
            case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"),
                UInt8(ascii: "?"), UInt8(ascii: "'"), UInt8(ascii: "*"):
                link.removeLast()
            case UInt8(ascii: ")") where !opensBracket: link.removeLast()
            default: return
            }
        }
    }
}
