/// A zone that was found for a name in a file, and how.
public struct FoundZone: Equatable, Sendable {
    public enum How: String, Sendable, CaseIterable {
        /// The name is one of UTC itself.
        case utc
        /// The IANA database has the name.
        case exact
        /// It has what is left of the name without what a program wrote before it.
        case prefixStripped
        /// Windows has the name, or shows it.
        case windows
        /// The file defines it.
        case definition
        /// The name says how far it is from UTC.
        case offsetName
    }

    public let zone: Zone
    public let how: How
}

/// Finds time zones by the names that calendars give them.
///
/// The IANA database goes before a definition in the file: definitions are often old, and end sooner.
///
/// It remembers what it found, so it belongs to one thread.
public final class ZoneBook {
    /// All zones of the database and their links are about 600; the rest of a full book are names that do not exist.
    public static let mostRemembered = 2_000

    private let read: (String) -> [UInt8]?
    private var zones: [String: Zone?] = [:]

    /// - Parameter read: Gives the bytes of a file of the time zone database by its name, as `Europe/Berlin`. It is only
    ///   asked for names of letters, digits, `+`, `-`, `_`, and `/` between these.
    public init(read: @escaping (String) -> [UInt8]?) {
        self.read = read
    }

    public func find(_ name: String, definitions: ZoneDefinitions = ZoneDefinitions()) -> FoundZone? {
        guard name.utf8.count <= ZoneName.longest else { return nil }
        let zoneName = ZoneName(name)
        if zoneName.isUTC { return FoundZone(zone: .utc, how: .utc) }
        if let zone = named(zoneName.text) { return FoundZone(zone: zone, how: .exact) }
        for rest in zoneName.withoutPrefixes {
            if let zone = named(rest) { return FoundZone(zone: zone, how: .prefixStripped) }
        }
        if let known = zoneName.windowsZone, let zone = named(known) { return FoundZone(zone: zone, how: .windows) }
        for key in [name, zoneName.text] {
            if case .success(let zone) = definitions.zone(key) { return FoundZone(zone: zone, how: .definition) }
        }
        return zoneName.offset.map { FoundZone(zone: Zone(name: name, offset: $0), how: .offsetName) }
    }

    /// A zone of the database, in whatever case its name is written.
    public func named(_ name: String) -> Zone? {
        guard ZoneName.isSafe(name) else { return nil }
        if let known = zones[name] { return known }
        let zone = reading(name) ?? ZoneName.usualCase(name).flatMap { $0 == name ? nil : reading($0) }
        if zones.count >= ZoneBook.mostRemembered { zones.removeAll() }
        zones[name] = .some(zone)
        return zone
    }

    private func reading(_ name: String) -> Zone? {
        read(name).flatMap { TimeZoneData($0) }.map { Zone(name: name, data: $0) }
    }
}
