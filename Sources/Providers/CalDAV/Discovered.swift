public import HTTP

/// What was found out about an account on a server.
public struct Discovered: Sendable, Equatable {
    /// Where the server was asked first with success; what a connection keeps.
    public var address: Address
    /// Whoever asks, as the server knows them.
    public var principal: Address?
    /// What holds the calendars; there may be several, and on other hosts of the same house.
    public var calendarHomes: [Address] = []
    public var bookHomes: [Address] = []
    /// The address itself is a calendar or an address book.
    public var calendar: Address?
    public var book: Address?
    /// The user's own addresses of e-mail, as the server knows them.
    public var addresses: [String] = []
    public var name: String?
    /// What the server calls itself.
    public var product: String?

    public init(address: Address) {
        self.address = address
    }

    func homes(_ kind: DAVListing.Kind) -> [Address] { kind == .calendars ? calendarHomes : bookHomes }

    func lone(_ kind: DAVListing.Kind) -> [Address] { [kind == .calendars ? calendar : book].compactMap { $0 } }

    var holdsAnything: Bool { !calendarHomes.isEmpty || !bookHomes.isEmpty || calendar != nil || book != nil }

    // MARK: From round to round

    /// Keeps where things are, so that the next round need not look for them.
    public func remember(in memory: ServerMemory) {
        memory["address"] = address.text
        memory["principal"] = principal?.text
        memory["calendar-homes"] = Self.text(calendarHomes)
        memory["book-homes"] = Self.text(bookHomes)
        memory["calendar"] = calendar?.text
        memory["book"] = book?.text
    }

    /// Nil where nothing is remembered.
    public init?(remembered memory: ServerMemory) {
        guard let address = Self.addresses(memory["address"]).first else { return nil }
        self.init(address: address)
        principal = Self.addresses(memory["principal"]).first
        calendarHomes = Self.addresses(memory["calendar-homes"])
        bookHomes = Self.addresses(memory["book-homes"])
        calendar = Self.addresses(memory["calendar"]).first
        book = Self.addresses(memory["book"]).first
        guard holdsAnything else { return nil }
    }

    private static func text(_ addresses: [Address]) -> String? {
        addresses.isEmpty ? nil : addresses.map(\.text).joined(separator: " ")
    }

    private static func addresses(_ text: String?) -> [Address] {
        (text ?? "").split(separator: " ").compactMap { try? Address(String($0)) }
    }
}
