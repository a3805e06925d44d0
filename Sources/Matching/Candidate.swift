/// One attendee or organiser of a meeting, of whom is asked who it is.
public struct Candidate: Sendable, Equatable, Hashable {
    public var address: String?
    public var name: String?
    /// The calendar says that it is a room or a thing.
    public var isResource: Bool
    /// The calendar says that it is a list of people.
    public var isGroup: Bool
    /// The calendar says that it is its owner.
    public var isSelf: Bool
    /// Ids of persons whom the user said this is not; they are passed over.
    public var rejectedPersons: Set<String>

    public init(
        address: String? = nil, name: String? = nil, isResource: Bool = false, isGroup: Bool = false,
        isSelf: Bool = false, rejectedPersons: Set<String> = []
    ) {
        self.address = address
        self.name = name
        self.isResource = isResource
        self.isGroup = isGroup
        self.isSelf = isSelf
        self.rejectedPersons = rejectedPersons
    }
}
