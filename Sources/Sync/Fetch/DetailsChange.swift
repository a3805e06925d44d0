import Entries

/// What became different between two states of a meeting or a series.
struct DetailsChange: Equatable {
    /// Only what changed; the rest is absent, as an entry of a change wants it.
    var details = MeetingDetails()
    /// The names of the fields that became empty.
    var cleared: [String] = []

    var isEmpty: Bool { self == DetailsChange() }

    /// Nothing but the source's mark of the state.
    var isOnlyRevision: Bool {
        var rest = self
        rest.details.revision = nil
        return rest.isEmpty
    }

    /// - Parameter emptied: what the source says is empty.
    /// - Parameter omissionsClear: what the source does not speak of any more is empty, and not just left out. So it is
    ///   in a version that is newer by its own account; a source that drops a field in passing must not take it away.
    init(from old: MeetingDetails, to new: MeetingDetails, emptied: Set<String>, omissionsClear: Bool) {
        compare(old, new, emptied, omissionsClear)
    }

    private init() {}

    private mutating func compare(
        _ old: MeetingDetails, _ new: MeetingDetails, _ emptied: Set<String>, _ omissionsClear: Bool
    ) {
        // What has a value whenever nothing is said never becomes empty.
        take(\.status, old.status ?? .confirmed, new.status ?? .confirmed)
        take(\.transparency, old.transparency ?? .opaque, new.transparency ?? .opaque)
        take(\.privacy, old.privacy ?? .normal, new.privacy ?? .normal)
        take(\.kind, old.kind ?? .meeting, new.kind ?? .meeting)
        take(\.isFloating, old.isFloating ?? false, new.isFloating ?? false)
        take(\.isPartial, old.isPartial ?? false, new.isPartial ?? false)

        // Times are what the newest state says, all together.
        for (name, path) in [("starts", \MeetingDetails.starts), ("ends", \.ends)] {
            takeOrClear(name, path, old, new, clears: true)
        }
        for (name, path) in [("first_day", \MeetingDetails.firstDay), ("last_day", \.lastDay)] {
            takeOrClear(name, path, old, new, clears: true)
        }
        takeOrClear("zone", \.zone, old, new, clears: true)
        takeOrClear("response", \.response, old, new, clears: false)
        takeOrClear("sequence", \.sequence, old, new, clears: false)
        takeOrClear("modified", \.modified, old, new, clears: false)
        takeOrClear("revision", \.revision, old, new, clears: false)
        for (name, path) in [
            ("title", \MeetingDetails.title), ("description", \.description), ("location", \.location),
            ("meeting_url", \.meetingURL), ("provider_link", \.providerLink), ("provider_path", \.providerPath),
        ] {
            takeOrClear(name, path, old, new, clears: omissionsClear || emptied.contains(name))
        }
        if !Self.isSame(old.attendees, new.attendees) {
            if !new.attendees.isEmpty {
                details.attendees = new.attendees
            } else if omissionsClear || emptied.contains("attendees") {
                cleared.append("attendees")
            }
        }
    }

    private mutating func take<Value: Equatable>(
        _ path: WritableKeyPath<MeetingDetails, Value?>, _ old: Value, _ new: Value
    ) {
        if old != new { details[keyPath: path] = new }
    }

    private mutating func takeOrClear<Value: Equatable>(
        _ name: String, _ path: WritableKeyPath<MeetingDetails, Value?>, _ old: MeetingDetails, _ new: MeetingDetails,
        clears: Bool
    ) {
        let (before, after) = (old[keyPath: path], new[keyPath: path])
        if before == after { return }
        if after != nil {
            details[keyPath: path] = after
        } else if clears {
            cleared.append(name)
        }
    }

    /// The order in which a source lists attendees says nothing.
    private static func isSame(_ old: [Attendee], _ new: [Attendee]) -> Bool {
        old.count == new.count && Self.ordered(old) == Self.ordered(new)
    }

    private static func ordered(_ attendees: [Attendee]) -> [Attendee] {
        attendees.map { attendee in
            var plain = attendee
            plain.isOrganizer = attendee.isOrganizer == true ? true : nil
            plain.isOptional = attendee.isOptional == true ? true : nil
            plain.isResource = attendee.isResource == true ? true : nil
            plain.isGroup = attendee.isGroup == true ? true : nil
            plain.isSelf = attendee.isSelf == true ? true : nil
            return plain
        }.sorted { $0.address < $1.address }
    }
}
