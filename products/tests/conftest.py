"""People who may enter the admin."""

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission

from .factories import make_home


@pytest.fixture
def sign_in(client, django_user_model):
    """Signs somebody in who may enter the admin, edit pages, and what else is named."""

    def sign_in(*codenames: str):
        user = django_user_model.objects.create_user(f"editor-{len(codenames)}", password="x")
        group = Group.objects.create(name=f"Group of {user}")
        group.permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
        for right in ("add_page", "change_page", "publish_page"):
            GroupPagePermission.objects.create(
                group=group,
                page=make_home(),
                permission=Permission.objects.get(
                    codename=right, content_type__app_label="wagtailcore"
                ),
            )
        user.groups.add(group)
        client.force_login(user)
        return user

    return sign_in
