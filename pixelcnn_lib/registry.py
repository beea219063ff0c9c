"""Names under which Keras knows classes, so that a file can name a class but not import it."""

import keras


def registered_name(what, cls):
    """Return the name under which Keras has registered a class, to write it in a file.

    what: str, what the message calls the class, such as "layer".
    cls: the class.
    Raises ValueError if the class is not registered.
    """
    name = keras.saving.get_registered_name(cls)
    if keras.saving.get_registered_object(name) is None:
        raise ValueError(
            f"Keras does not know the {what} {name}, so a file cannot name it. Put "
            "@keras.saving.register_keras_serializable() above its definition."
        )
    return name


def registered(what, name):
    """Return the class that Keras has registered under a name.

    what: str, what the message calls the class, such as "layer".
    name: str, the registered name.
    Raises ValueError if the class is not registered.
    """
    cls = keras.saving.get_registered_object(name)
    if cls is None:
        raise ValueError(f"Keras does not know the {what} {name} yet. First import its module.")
    return cls
