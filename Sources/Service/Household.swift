/// The home as the service uses it.
public enum Household {}
