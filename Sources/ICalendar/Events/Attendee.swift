/// Somebody who takes part, or a room that does.
public struct Attendee: Hashable, Sendable {
    /// The address of an e-mail, in small letters; nil where the file gives none.
    public var address: String?
    /// What the file gives: `mailto:a@b.example`, or a path of a server.
    public var identifier: String
    public var name: String?
    public var response = Response.needsAction
    public var role = Role.required
    public var kind = Kind.individual
    /// How many more somebody brings along, says Google.
    public var additionalGuests = 0

    public init(address: String?, identifier: String = "", name: String? = nil) {
        self.address = address
        self.identifier = identifier
        self.name = name
    }

    public enum Response: String, Hashable, Sendable {
        case needsAction = "needs-action"
        case accepted, declined, tentative, delegated
    }

    public enum Role: String, Hashable, Sendable {
        case chair, required, optional
        case informed = "non-participant"
    }

    public enum Kind: String, Hashable, Sendable {
        case individual, group, resource, room, unknown
    }
}

extension Attendee {
    /// The address of an e-mail in a text that is one, perhaps behind `mailto:`, in small letters; nil where it is none.
    public static func address(in text: String) -> String? { Address(text).text }

    /// From ATTENDEE or ORGANIZER.
    init(_ property: Property, guessing isGuessed: inout Bool) {
        let value = property.text(guessing: &isGuessed)
        let given = Address(value)
        let stated = property.parameter("EMAIL").flatMap { Address($0).text }
        let text = given.text ?? stated
        self.init(address: text, identifier: value)
        name = Attendee.name(property.parameter("CN"), address: text) ?? given.name
        guard property.hasParameters else { return }
        response = Response(word: property.parameter("PARTSTAT") ?? property.parameter("STATUS"))
        role = Role(word: property.parameter("ROLE"))
        kind = Kind(word: property.parameter("CUTYPE"))
        additionalGuests = property.parameter("X-NUM-GUESTS").flatMap { Int($0) }.map { max(0, min($0, 10_000)) } ?? 0
    }

    /// A name that only repeats the address says nothing about what somebody is called.
    private static func name(_ text: String?, address: String?) -> String? {
        guard var name = text?.withoutBackslashes.trimmed else { return nil }
        for quote in ["\"", "'"] where name.utf8.count > 2 && name.hasPrefix(quote) && name.hasSuffix(quote) {
            name = String(name.dropFirst().dropLast()).trimmed
        }
        guard !name.isEmpty, Address(name).text.map({ $0 != address }) ?? true else { return nil }
        return name
    }
}

/// What a calendar address says: an e-mail with or without `mailto:`, in any case, perhaps with a name before it.
struct Address {
    let text: String?
    let name: String?

    /// More than any address with a name before it has; what is longer is not looked at.
    private static let longest = 2_000

    init(_ value: String) {
        guard value.utf8.count <= Address.longest else {
            text = nil
            name = nil
            return
        }
        if let plain = Address.plainMail(value) {
            text = plain
            name = nil
            return
        }
        var rest = value.trimmed
        let isURI = rest.lowercased().hasPrefix("mailto:")
        while rest.lowercased().hasPrefix("mailto:") { rest = String(rest.dropFirst(7)).trimmed }
        var name: String?
        if rest.hasSuffix(">"), let open = rest.lastIndex(of: "<") {
            let before = String(rest[..<open]).trimmed
            name = before.isEmpty ? nil : before
            rest = String(rest[rest.index(after: open)...].dropLast()).trimmed
        }
        // Only a URI has a query and escapes; an address that stands for itself is what it is.
        if isURI, let query = rest.firstIndex(of: "?") { rest = String(rest[..<query]) }
        if isURI, rest.contains("%") { rest = rest.withoutPercents }
        text = Address.isMail(rest) ? rest.lowercased() : nil
        self.name = text == nil ? nil : name
    }

    /// What nearly all addresses are: `mailto:`, and letters, digits and a few signs around one @.
    private static func plainMail(_ value: String) -> String? {
        var plain: [UInt8] = []
        plain.reserveCapacity(value.utf8.count)
        var places = 0
        for byte in value.utf8 {
            if byte == UInt8(ascii: ":"), plain.elementsEqual("mailto".utf8) {
                plain.removeAll(keepingCapacity: true)
                continue
            }
            if byte == UInt8(ascii: "@") {
                places += 1
                if plain.isEmpty { return nil }
            } else if !byte.isLetter && !byte.isDigit && byte != UInt8(ascii: ".") && byte != UInt8(ascii: "-")
                && byte != UInt8(ascii: "_") && byte != UInt8(ascii: "+")
            {
                return nil
            }
            plain.append(byte.small)
        }
        guard places == 1, plain.last != UInt8(ascii: "@"), plain.count <= 320 else { return nil }
        return String(decoding: plain, as: UTF8.self)
    }

    /// What stands around addresses, and in paths; within one it would have to be quoted, and nobody's is.
    private static let foreign = Set("/:?<>(),;\"\\".utf8)

    /// One @ with something on both sides, no blank, and no path or scheme before it.
    private static func isMail(_ text: String) -> Bool {
        guard text.utf8.count <= 320 else { return false }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return false }
        return text.utf8.allSatisfy { !$0.isInvisible && !foreign.contains($0) }
    }
}

extension Attendee.Response {
    init(word: String?) {
        self =
            switch word?.uppercased() {
            case "ACCEPTED", "CONFIRMED", "COMPLETED", "IN-PROCESS": .accepted
            case "DECLINED": .declined
            case "TENTATIVE": .tentative
            case "DELEGATED": .delegated
            default: .needsAction
            }
    }
}

extension Attendee.Role {
    init(word: String?) {
        self =
            switch word?.uppercased() {
            case "CHAIR", "ORGANIZER", "OWNER": .chair
            case "OPT-PARTICIPANT": .optional
            case "NON-PARTICIPANT": .informed
            default: .required
            }
    }
}

extension Attendee.Kind {
    init(word: String?) {
        self =
            switch word?.uppercased() {
            case nil, "INDIVIDUAL", "": .individual
            case "GROUP": .group
            case "RESOURCE": .resource
            case "ROOM": .room
            default: .unknown
            }
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String {
        guard utf8.first?.isInvisible == true || utf8.last?.isInvisible == true else { return self }
        var rest = self[...].utf8
        while rest.first?.isInvisible == true { rest.removeFirst() }
        while rest.last?.isInvisible == true { rest.removeLast() }
        return String(Substring(rest))
    }

    /// A comma in a name is often written as in a text, where it must not be.
    fileprivate var withoutBackslashes: String {
        contains("\\") ? String(filter { $0 != "\\" }) : self
    }

    /// `%40` as the character that it stands for.
    var withoutPercents: String {
        var plain: [UInt8] = []
        let bytes = [UInt8](utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = bytes[index + 1].hexadecimal,
                let low = bytes[index + 2].hexadecimal
            {
                plain.append(high << 4 | low)
                index += 3
            } else {
                plain.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
